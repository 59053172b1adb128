"""Given names that are seldom anything else, lower case and unaccented: a witness for names that nobody announced.

Names that are also everyday words (Rose, Mark, Jade) are left out: they count only where a sentence announces them.
"""

_NAMES = """
    adam adele adrian adrien agathe agnes ahmed aicha aida aisha alain alan albert alberto alejandro alessandro
    alex alexander alexandra alexandre alexia alexis alfred ali alice alicia aline alison alix allan allison
    amadou amanda amandine amelia amelie amin amina amir amy ana anais andre andrea andreas andrew andy angela
    angelique angelo anissa anita anjali ann anna annabelle anne annette annie anthony antoine anton antonio
    apolline ariane arjun arlette armand arnaud arthur ashley astrid audrey auguste aurelie aurelien ava axel
    aya ayoub aziz baptiste barbara barry bastien beatrice bella benedicte benjamin benoit bernadette bernard
    bertrand beth bethany bianca bilal bjorn blandine boris brad bradley brandon brenda brendan brian brice
    brigitte bruce bruno bryan caleb callum calvin cameron camille capucine carine carl carla carlos carly
    carmen carol carole carolina caroline carolyn catherine cathy cecile cecilia cedric celia celine chantal
    charlene charles charlie charlotte chiara chloe chris christa christelle christian christiane christina
    christine christophe christopher cindy claire clara clarisse claude claudia claudine claudio clemence
    clement clementine cole colette colin connor constance coralie corentin corinne craig cristina curtis
    cynthia cyril cyrille damien daniel daniela daniele danielle danny daphne darren dave david deborah debra
    delphine denis denise dennis derek diana diane didier diego dimitri dinesh djamel dominique donald donna
    donovan doris dorothy douglas dustin dylan eddy edgar edith edouard eduardo edward edwige eileen elaine
    eleanor elena eleonore eliane elias elijah eliott elisa elisabeth elise elizabeth ella ellen elliot elodie
    eloise elsa emeline emilie emilien emilio emily emma emmanuel emmanuelle enrique enzo eric erica erik erika
    erin ernest esteban estelle esther ethan etienne eugene eugenie eva evan evelyn evelyne fabian fabien
    fabienne fabio fabrice fatima fatou fatoumata federico felicia felix fernando fiona flora florence florent
    florian frances francesca francesco francine francis francisco franck francois francoise frankie fred freddy
    frederic frederick frederique gabriel gabriela gabrielle gael gaelle gaetan gareth gary gaspard gavin
    genevieve geoffrey george georges georgia georgina gerald geraldine gerard gerhard germaine ghislaine
    gilbert gilles gina ginette giovanni giulia giuseppe glenn gloria gordon graham gregoire gregory greta
    guillaume gustave gwen gwenaelle hadrien hakim hamza hannah hans harold harriet harry hassan heather hector
    heidi helen helena helene henri henry herbert herve hicham holly hortense howard hubert hugh hugo hugues ian
    ibrahim ida igor imane ines ingrid irene iris isaac isabel isabella isabelle isaiah ismael ivan jackie
    jackson jacob jacqueline jacques jake james jamie jana jane janet janice jared jasmine jason javier jeanne
    jeannine jeff jeffrey jenna jennifer jenny jeremie jeremy jerome jerry jesse jessica jessie jill jim jimmy
    joan joana joanna joanne joao jocelyne joel joelle joerg johan johann johanna john johnny jon jonas jonathan
    jordan jorge jose josef joseph josephine josette joshua josiane juan juanita judith judy jules julia julian
    juliana julie julien juliette julio justin justine kamal karen karim karine karl kate katherine kathleen
    kathryn kathy katia katie katrin keith kelly kenneth kenny kenza kevin kieran kim kimberly klaus kristen
    kristin kristina kurt kyle laetitia lara larry laura laure lauren laurence laurent lea leah leila lena leo
    leon leonardo leonie leslie lia liam lidia lila lilian liliane lilly lily lina linda lindsay lionel lisa
    lise lloyd loic lola lorenzo loris louis louise luca lucas lucia lucie lucien lucienne lucy ludivine ludovic
    luigi luis luke lydia lynn madeleine madison mael maelle maeva magali maggie malik malika mamadou manon
    manuel manuela marc marcel marcela marcelle marcia marco marcus margaret margaux margot maria mariam mariama
    marian marianne marie marina mario marion marius marjorie markus marlene marlon marta martha marthe martina
    martine marvin mary maryam maryse mateo mathew mathias mathieu mathilde mathis matteo matthew matthias
    matthieu maureen maurice maxence maxim maxime maximilien maya megan mehdi melanie melina melissa melvin mia
    michael michel michele micheline michelle miguel mike mila milan millie mireille miriam mitchell moha
    mohamed mohammed molly monica monika monique morgane moussa muriel mustafa myriam nabil nadege nadia nadine
    naima nancy naomi naomie nasser natacha natalia natalie natasha nathalie nathan nathaniel neil nelly nelson
    nicholas nick nicola nicolas nicole nigel nils nina nino noah noe noel noemie noor nora norbert norman nour
    oceane odette odile oliver olivia olivier omar ophelie oscar oumar owen pablo paola paolo pascal pascale
    patrice patricia patrick paul paula paulette pauline paulo pavel pedro peggy penelope perrine peter petra
    phil philip philippe phillip phoebe pierre pierrick pietro priya quentin rachel rachid rafael rajesh ralph
    ramon randy raphael raphaelle raul raymond raymonde rebecca regine regis remi remy renata renate rene renee
    ricardo riccardo richard robert roberta roberto rodolphe rodrigo roger roland rolf romain romane ronald
    ronan rosa rosalie rosemary ross roxane ruben rudy rupert russell ruth ryan sabine sabrina sacha salma
    salome sam samantha samir sammy samuel samy sandra sandrine sara sarah scott sean sebastian sebastien selim
    selma serena serge sergio severine shane shannon sharon shaun shawn sheila shirley sidonie silvia simon
    simone sofia sofiane solange solene sonia sophia sophie stacy stanislas stanley stefan stefano stephane
    stephanie stephen steve steven stuart susan susanne suzanne sven svetlana sylvain sylvester sylvia sylvie
    tamara tanguy tania tanya tara taylor ted teresa terrence terry theo theodore theresa therese thibault
    thibaut thierry thomas tiago tiffany tim timothee timothy tina tobias todd tom tommy toni tony tracy travis
    trevor tristan tyler ugo ulrich ursula valentin valentina valentine valerie vanessa veronica veronique vicky
    victor victoria victorien viktor vincent violaine virginie vivian viviane vladimir walid wanda warren wayne
    wendy werner wilfried william willy wolfgang xavier yael yan yanis yann yannick yasmina yasmine yassine
    yohan yolande youcef youssef yuki yusuf yvan yves yvette yvonne zachary zara zeynep zineb zoe
"""

GIVEN = frozenset(_NAMES.split())

_FAMILY_NAMES = """
    adam adams ahmed ali allen anderson andre aubry bailly baker bakker barbier barre becker bell bennett
    bernard bertrand bianchi black blanc blanchard bonnet boucher bourgeois bouvier boyer brown brun brunet
    byrne campbell carre carter charles charpentier chevalier clarke clement colas collins cook cooper costa
    cousin cox cruz daniel david davies davis denis diaz doyle dubois dufour dumas dumont dupont durand duval
    edwards evans fabre faure fernandez ferrari ferreira fischer fisher fleury flores fontaine foster fournier
    francois gaillard garcia garnier gauthier gautier gerard girard gomez gonzalez graham gray green guerin
    guyot hall harris harrison henry hernandez herve hill hoffmann holmes hughes hunt hunter hussain jackson
    jacquet james jansen jean johnson joly jones kelly khan king klein knight kumar lambert laurent leblanc lee
    lefebvre lefevre legrand lemaire leroux leroy lewis lopez lucas maillard marchand marie marshall martin
    martinez marty mason masson mathieu menard mercier meunier meyer michel miller millet mills mitchell moore
    moreau morel morgan morin morris muller murphy murray nguyen nicolas noel oliveira palmer paris parker patel
    pereira perez perrin perrot petit pham phillips picard poirier prevost ramirez reid renard renault richard
    richardson rivera robert roberts robin robinson roche rodriguez roger rose ross rossi rousseau roussel roux
    roy royer ryan sanchez santos schmitt schneider schulz scott sharma shaw silva simon singh smith stewart
    stone sullivan taylor thomas thompson torres tran turner vidal vincent visser walker walsh ward watson webb
    weber white williams wilson wood wright young
"""

FAMILY = frozenset(_FAMILY_NAMES.split())
"""Family names that are common enough to be known without a capital, once a given name stands before them."""

_WORDS_TOO = """
    ali angelo blanche carol christian clement cole constance florence georgia grace heather holly jasmine jesse jordan lila lou
    madison marina martin maya milan nino noe noel oscar penelope pierre remi robin roland rolf roman rosa rosemary ruth serge
    sierra ted tiffany valentin valentine victor vincent violaine virginie
"""

WORDS_TOO = frozenset(_WORDS_TOO.split())
"""Given names that open a sentence as a word, a place or a brand too: there a capital says nothing."""
